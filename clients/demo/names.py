"""Ordinary French names, put together at random: who bears such a pair in life is not meant."""

from typing import Final

WOMEN: Final = (
    *("Adèle", "Agathe", "Alice", "Amélie", "Anaïs", "Andrée", "Aurore", "Béatrice", "Brigitte", "Camille"),
    *("Carole", "Cécile", "Chantal", "Chloé", "Clémence", "Corinne", "Delphine", "Édith", "Élise", "Élodie"),
    *("Emma", "Estelle", "Fanny", "Florence", "Françoise", "Gaëlle", "Geneviève", "Ghislaine", "Irène", "Jeanne"),
    *("Joëlle", "Josette", "Julie", "Laëtitia", "Laure", "Léa", "Lucie", "Maëva", "Manon", "Margaux"),
    *("Marie-Claude", "Marion", "Mathilde", "Mélanie", "Mireille", "Monique", "Nathalie", "Noémie", "Pascale", "Rose"),
    *(
        "Sabrina",
        "Sandrine",
        "Séverine",
        "Solène",
        "Stéphanie",
        "Thérèse",
        "Valérie",
        "Véronique",
        "Virginie",
        "Yvette",
    ),
)
MEN: Final = (
    *("Adrien", "Alain", "Alexis", "André", "Antoine", "Arnaud", "Aurélien", "Basile", "Bernard", "Bruno"),
    *("Cédric", "Christophe", "Clément", "Damien", "Denis", "Didier", "Émile", "Éric", "Fabien", "Fabrice"),
    *("Florian", "Franck", "François", "Frédéric", "Gaël", "Gérald", "Gilles", "Grégory", "Guillaume", "Hervé"),
    *("Hugues", "Jean-Luc", "Jean-Pierre", "Jérôme", "Joël", "Julien", "Kévin", "Laurent", "Loïc", "Ludovic"),
    *("Marcel", "Mathieu", "Maxime", "Mehdi", "Michel", "Nicolas", "Olivier", "Pascal", "Patrice", "Philippe"),
    *("Quentin", "Raphaël", "Raymond", "Régis", "Robert", "Sébastien", "Serge", "Théo", "Vincent", "Xavier"),
)
SURNAMES: Final = (
    *("Achard", "Allègre", "Amiel", "Andrieux", "Armand", "Astier", "Aubert", "Audibert", "Auzet", "Avril"),
    *("Bailly", "Barral", "Bérard", "Bernard", "Bertrand", "Besson", "Blachère", "Boissier", "Bonnet", "Bouvier"),
    *("Brémond", "Brun", "Camoin", "Carle", "Castel", "Caussin", "Chabaud", "Chauvin", "Chevalier", "Clément"),
    *("Coste", "Coulomb", "Daniel", "Daumas", "David", "Delaunay", "Demange", "Deschamps", "Durand", "Dumas"),
    *("Dupuis", "Escoffier", "Espitalier", "Estève", "Fabregue", "Faure", "Ferrier", "Fournier", "Gaillard", "Garcin"),
    *("Garnier", "Gautier", "Gilly", "Girard", "Gontard", "Granier", "Grégoire", "Guibert", "Guichard", "Honorat"),
    *("Imbert", "Jacquet", "Jaubert", "Jean", "Jourdan", "Julian", "Lafont", "Lambert", "Laugier", "Laurent"),
    *("Leblanc", "Lieutaud", "Lombard", "Magnan", "Maillet", "Marin", "Martel", "Martin", "Martinez", "Masson"),
    *("Mathieu", "Maurel", "Mercier", "Meunier", "Michel", "Monier", "Morel", "Mouret", "Nicolas", "Nègre"),
    *("Olive", "Pascal", "Pécout", "Pélissier", "Perrin", "Petit", "Peyron", "Philip", "Pinatel", "Plantier"),
    *("Rabier", "Ravel", "Raynaud", "Reboul", "Renaud", "Rey", "Richaud", "Rigaud", "Robert", "Rolland"),
    *("Rostan", "Rouvière", "Sabatier", "Salvan", "Sauvaire", "Savournin", "Ségurel", "Silvestre", "Simon", "Tardieu"),
    *("Tessier", "Thévenin", "Thomas", "Tourniaire", "Turcan", "Valentin", "Vernet", "Vial", "Viguier", "Vincent"),
    *("Ben Salah", "Costa", "De Luca", "El Amrani", "Fernandes", "Kowalski", "Le Bihan", "N’Diaye", "Pereira", "Tran"),
)
# No such places on any map: a company named after one is nobody's.
NOWHERE: Final = (
    *("Valdurane", "Combefolle", "Peyrouvelle", "Sorgueline", "Luberlande", "Aubevigne", "Montbrunel", "Rocheclaude"),
    *("Fontverdane", "Cigalune", "Bastidane", "Calavonne", "Ventoulane", "Durançole", "Oliverane", "Mistralou"),
    *("Tramontelle", "Lavandole", "Amandole", "Restanquane"),
)
# What the company is, and the civilities that such a one may have.
TRADES: Final = (
    ("Camping {}", ("SARL", "SAS")),
    ("Hôtel {}", ("SAS", "SA")),
    ("Gîtes {}", ("EURL", "Auto-Entreprise")),
    ("SCI {}", ("SCI",)),
    ("Copropriété {}", ("Copropriété",)),
    ("Club nautique {}", ("Association",)),
    ("Domaine {}", ("SARL", "SAS")),
    ("Maçonnerie {}", ("SARL", "Auto-Entreprise")),
    ("Paysages {}", ("EURL", "SASU")),
    ("Syndicat des eaux {}", ("Mairie/Collectivité",)),
)
JOBS: Final = (
    "Gérant",
    "Gérante",
    "Directrice",
    "Gardien",
    "Comptable",
    "Responsable technique",
    "Présidente",
    "Syndic",
)
NOTES: Final = (
    "A appelé pour un devis\u00a0: bassin de 8 × 4, liner gris clair.",
    "Passé au magasin, veut voir un poêle à granulés en marche.",
    "Préfère être appelé après 18 h.",
    "Visite technique faite, accès camion difficile.",
    "Devis remis en main propre, réponse promise sous quinze jours.",
    "Relance laissée sur le répondeur.",
    "Satisfait du nettoyage de printemps, recommande à son voisin.",
    "Fuite signalée au skimmer, photo reçue par message.",
)
OBSERVATIONS: Final = (
    "Maison secondaire, occupée de juin à septembre.",
    "Portail motorisé\u00a0: prévenir la veille.",
    "Ne pas sonner avant 9 h, travaille de nuit.",
    "Paie toujours par virement.",
)

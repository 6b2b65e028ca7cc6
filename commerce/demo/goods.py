"""What the demo company sells and does: invented brands (Ondéa, Clairvia, Thermélio, Braséo, Nauterre), round prices.

A series is one line: code, label and, per model, its mark, purchase and sale prices without VAT.
"""

from dataclasses import dataclass
from typing import Final

from extrabat.lib.text import normalise

_SMALL: Final = frozenset({"de", "des", "et", "a", "au", "d"})
NORMAL, INTERMEDIATE, REDUCED = "Taux normal", "Taux intermédiaire", "Taux réduit"

FILTRATION: Final = "Filtration"
TREATMENT: Final = "Traitement de l’eau"
HEATING: Final = "Chauffage de piscine"
LINING: Final = "Revêtement"
COVERS: Final = "Couvertures et sécurité"
PIPES: Final = "Tuyaux et raccords"
PRODUCTS: Final = "Produits d’entretien"
HEAT_PUMPS: Final = "Pompes à chaleur"
STOVES: Final = "Poêles et fumisterie"
WORKS: Final = "Travaux"
LABOUR: Final = "Main-d’œuvre"
UPKEEP: Final = "Entretien"
FAMILIES: Final = (
    *(FILTRATION, TREATMENT, HEATING, LINING, COVERS, PIPES, PRODUCTS),
    *(HEAT_PUMPS, STOVES, WORKS, LABOUR, UPKEEP),
)


@dataclass(frozen=True)
class Series:
    """`models` are « mark: purchase/sale »; `{}` in code and label is the mark."""

    code: str
    label: str
    family: str
    models: str
    unit: str = "u"
    vat: str = NORMAL
    reduced: str = ""
    kind: str = "goods"

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Code, label, purchase and sale price of each."""
        found = []
        for model in self.models.split(", "):
            mark, _, prices = model.partition(": ")
            purchase, _, sale = prices.partition("/")
            found.append((self.code.format(_short(mark)), self.label.format(mark), purchase, sale))
        return found


def _short(mark: str) -> str:
    """« 14 m³/h » is 14M3H, « seau de 5 kg » SEA5KG: three letters a word, numbers with their units."""
    said = [word for word in normalise(mark).split() if word not in _SMALL and word.isascii()]
    return "".join(word[:3] for word in said).upper()


SERIES: Final = (
    Series(
        "PMP-{}",
        "Pompe de filtration Ondéa {}",
        FILTRATION,
        "6 m³/h: 182.40/329, 10 m³/h: 214.80/389, 14 m³/h: 258.10/459, 18 m³/h: 301.90/539, 22 m³/h: 346.50/619",
    ),
    Series(
        "PMPV-{}",
        "Pompe à vitesse variable Ondéa Calme {}",
        FILTRATION,
        "1 CV: 498/869, 1,5 CV: 572/989, 2 CV: 661/1149",
    ),
    Series(
        "FSA-{}",
        "Filtre à sable Clairvia Ø {}",
        FILTRATION,
        "400: 164.20/299, 500: 212.70/389, 600: 268.30/489, 750: 421.60/759",
    ),
    Series("FCA-{}", "Filtre à cartouche Clairvia {} m²", FILTRATION, "7: 148.90/269, 11: 187.30/339, 15: 242.50/439"),
    Series(
        "SKI-{}", "Skimmer Nauterre {}", FILTRATION, "standard: 48.20/98, grande meurtrière: 96.40/189, miroir: 211/389"
    ),
    Series(
        "PAS-{}",
        "Pièce à sceller Nauterre, {}",
        FILTRATION,
        "refoulement: 8.90/19.50, prise balai: 9.70/21, bonde de fond: 31.20/64",
    ),
    Series(
        "COF-{}",
        "Coffret électrique Ondéa {}",
        FILTRATION,
        "filtration: 86.40/169, filtration et projecteur: 118.20/229, hors gel: 142.90/269",
    ),
    Series(
        "MED-{}",
        "Média filtrant {}, sac de 25 kg",
        FILTRATION,
        "sable: 5.85/14.90, verre: 19.40/39, zéolithe: 24.80/48",
    ),
    Series(
        "ELS-{}",
        "Électrolyseur au sel Clairvia {}",
        TREATMENT,
        "50 m³: 512/949, 80 m³: 604/1099, 110 m³: 718/1290, 150 m³: 861/1540",
    ),
    Series("REG-{}", "Régulation Clairvia, {}", TREATMENT, "pH: 248/459, redox: 312/569, pH et redox: 486/879"),
    Series("UV-{}", "Traitement UV Clairvia {}", TREATMENT, "40 W: 398/729, 75 W: 542/979"),
    Series(
        "ROB-{}", "Robot nettoyeur Ondéa {}", TREATMENT, "fond: 398/699, fond et parois: 612/1090, sans fil: 784/1390"
    ),
    Series(
        "PACP-{}",
        "Pompe à chaleur de piscine Thermélio {}",
        HEATING,
        "6 kW: 742/1390, 9 kW: 986/1790, 12 kW: 1248/2240, 15 kW: 1512/2690, 21 kW: 2140/3790",
    ),
    Series("ECH-{}", "Échangeur de piscine Thermélio {}", HEATING, "20 kW: 298/569, 40 kW: 421/789"),
    Series(
        "LIN-{}",
        "Liner 75/100 {}",
        LINING,
        "sable: 9.85/24.90, bleu pâle: 9.85/24.90, gris clair: 10.20/25.90, gris anthracite: 10.60/26.90",
        unit="m²",
    ),
    Series(
        "MAR-{}",
        "Membrane armée 150/100 {}",
        LINING,
        "sable: 17.40/48.90, gris clair: 17.40/48.90, ardoise: 18.90/52.90",
        unit="m²",
    ),
    Series("FEU-{}", "Feutre de protection {}", LINING, "400 g: 1.42/3.90, 600 g: 1.98/5.20", unit="m²"),
    Series(
        "VOL-{}",
        "Volet roulant Nauterre {}",
        COVERS,
        "hors-sol 8 × 4: 2840/4990, hors-sol 10 × 5: 3920/6790, immergé 8 × 4: 4610/7990, immergé 10 × 5: 6240/10490",
    ),
    Series("BAR-{}", "Couverture à barres Nauterre {}", COVERS, "8 × 4: 742/1390, 10 × 5: 1068/1940"),
    Series("BUL-{}", "Bâche à bulles {}", COVERS, "400 µ: 4.10/9.90, 500 µ: 5.30/12.50", unit="m²"),
    Series("ALA-{}", "Alarme de piscine Nauterre {}", COVERS, "immersion: 148/279, périmétrique: 412/749"),
    Series("TUB-{}", "Tuyau PVC souple Ø {}", PIPES, "50: 2.345678/5.90, 63: 3.412345/8.40", unit="m"),
    Series("TUR-{}", "Tuyau PVC rigide Ø {}", PIPES, "50: 1.876543/4.60, 63: 2.654321/6.50", unit="m"),
    Series("COU-{}", "Coude PVC 90° Ø {}", PIPES, "50: 0.684/2.10, 63: 1.124/3.40"),
    Series("TE-{}", "Té PVC Ø {}", PIPES, "50: 0.912/2.80, 63: 1.486/4.20"),
    Series("VAN-{}", "Vanne à boisseau Ø {}", PIPES, "50: 7.85/18.90, 63: 11.40/26.50"),
    Series("CLA-{}", "Clapet anti-retour Ø {}", PIPES, "50: 9.20/22, 63: 13.60/31"),
    Series("CHL-{}", "Chlore lent Clairvia, {}", PRODUCTS, "seau de 5 kg: 18.90/39.90, seau de 10 kg: 34.20/69.90"),
    Series("PHM-{}", "pH moins Clairvia, {}", PRODUCTS, "seau de 5 kg: 6.40/15.90, bidon de 20 l: 11.80/29.90"),
    Series("HIV-{}", "Hivernage Clairvia, {}", PRODUCTS, "bidon de 5 l: 14.30/32.90"),
    Series("SEL-{}", "Sel de piscine, {}", PRODUCTS, "sac de 25 kg: 5.10/11.90"),
    Series(
        "PAC-{}",
        "Pompe à chaleur air/eau Thermélio Foyer {}",
        HEAT_PUMPS,
        "6 kW: 3480/5890, 8 kW: 3910/6590, 11 kW: 4620/7690, 14 kW: 5380/8890, 16 kW: 5940/9790",
        reduced=REDUCED,
    ),
    Series(
        "BAL-{}",
        "Ballon Thermélio {}",
        HEAT_PUMPS,
        "tampon 50 l: 268/489, tampon 100 l: 342/619, eau chaude 200 l: 796/1390",
        reduced=REDUCED,
    ),
    Series(
        "CLI-{}",
        "Climatiseur air/air Thermélio {}",
        HEAT_PUMPS,
        "2,5 kW: 612/1090, 3,5 kW: 698/1240, 5 kW: 921/1590",
        reduced=INTERMEDIATE,
    ),
    Series("SUP-{}", "Support d’unité extérieure {}", HEAT_PUMPS, "mural: 38.20/79, au sol: 31.60/68", reduced=REDUCED),
    Series(
        "PGR-{}",
        "Poêle à granulés Braséo {}",
        STOVES,
        "6 kW: 1298/2290, 8 kW: 1486/2590, 10 kW étanche: 1812/3190, 12 kW canalisable: 2140/3690",
        reduced=REDUCED,
    ),
    Series("PBU-{}", "Poêle à bûches Braséo {}", STOVES, "7 kW: 986/1790, 9 kW: 1214/2190", reduced=REDUCED),
    Series(
        "CON-{}", "Conduit inox double paroi Ø {}", STOVES, "80: 28.40/62, 150: 48.90/104", unit="m", reduced=REDUCED
    ),
    Series("TOI-{}", "Sortie de toit Ø {}", STOVES, "80: 96.30/198, 150: 142.80/289", reduced=REDUCED),
    Series("PLQ-{}", "Plaque de sol {}", STOVES, "acier: 68.20/139, verre: 94.50/189", reduced=REDUCED),
    Series(
        "GRA-{}",
        "Granulés de bois, {}",
        STOVES,
        "sac de 15 kg: 4.92/6.90, palette de 65 sacs: 312/429",
        vat=INTERMEDIATE,
    ),
)
DEEDS: Final = (
    Series(
        "TER-{}",
        "Terrassement, {}",
        WORKS,
        "pleine masse: 14/32, évacuation des terres: 11/26",
        unit="m³",
        kind="service",
    ),
    Series("BET-{}", "Béton armé, {}", WORKS, "radier: 128/245, parois: 168/318", unit="m³", kind="service"),
    Series("ENR-{}", "Enduit {}", WORKS, "hydrofuge: 12.50/29.90", unit="m²", kind="service"),
    Series(
        "DAL-{}", "Plage en {}", WORKS, "pierre reconstituée: 38/84, bois composite: 52/118", unit="m²", kind="service"
    ),
    Series(
        "POS-{}",
        "Pose de {}",
        WORKS,
        "liner: 240/590, volet: 320/690, pompe à chaleur: 420/890, poêle: 380/790",
        unit="forfait",
        reduced=INTERMEDIATE,
        kind="service",
    ),
    Series(
        "MES-{}",
        "Mise en service {}",
        WORKS,
        "piscine: 90/240, pompe à chaleur: 110/280, poêle: 80/210",
        unit="forfait",
        reduced=INTERMEDIATE,
        kind="service",
    ),
    Series(
        "MO-{}",
        "Heure de {}",
        LABOUR,
        "maçon: 24.50/49, plombier: 26/54, électricien: 26/54, fumiste: 25/52",
        unit="h",
        reduced=INTERMEDIATE,
        kind="labour",
    ),
    Series(
        "DEP-{}",
        "Déplacement {}",
        LABOUR,
        "zone 1: 12/35, zone 2: 21/55",
        unit="forfait",
        reduced=INTERMEDIATE,
        kind="labour",
    ),
)
# Code, label, months, minutes, price, reduced rate.
SERVICES: Final = (
    ("ENT-REM", "Remise en route", 12, 180, "289", ""),
    ("ENT-HIV", "Mise en hivernage", 12, 150, "249", ""),
    ("ENT-HEB", "Entretien hebdomadaire", 0, 60, "65", ""),
    ("ENT-CLI", "Entretien climatisation", 12, 60, "139", INTERMEDIATE),
    ("ENT-PAC", "Entretien pompe à chaleur", 24, 90, "189", REDUCED),
    ("ENT-RAM", "Ramonage", 12, 60, "79", INTERMEDIATE),
)
# Code, label, fixed price or nothing, parts as « quantity code ».
ASSEMBLIES: Final = (
    ("N-FIL80", "Filtration pour bassin de 80 m³", "", "1 PMP-14M3H, 1 FSA-600, 5 MED-SAB, 1 COF-FIL"),
    ("N-HYD63", "Réseau hydraulique Ø 63", "", "40 TUR-63, 18 COU-63, 6 TE-63, 5 VAN-63, 1 CLA-63, 8 MO-PLO"),
    ("N-SCE", "Lot de pièces à sceller", "", "2 SKI-STA, 4 PAS-REF, 1 PAS-PRIBAL, 1 PAS-BONFON"),
    ("N-LOC", "Local technique complet", "", "1 N-FIL80, 1 N-HYD63, 1 ELS-80M3, 1 REG-PH, 6 MO-ELE"),
    (
        "N-GO84",
        "Gros œuvre de piscine 8 × 4",
        "",
        "62 TER-PLEMAS, 45 TER-EVATER, 8.5 BET-RAD, 9.2 BET-PAR, 64 ENR-HYD",
    ),
    ("N-LIN84", "Revêtement liner 8 × 4", "", "78 LIN-GRICLA, 78 FEU-400G, 1 POS-LIN"),
    (
        "N-PISC84",
        "Piscine traditionnelle 8 × 4 prête à nager",
        "34900",
        "1 N-GO84, 1 N-SCE, 1 N-LOC, 1 N-LIN84, 1 MES-PIS",
    ),
    (
        "N-PAC8",
        "Chauffage par pompe à chaleur 8 kW",
        "",
        "1 PAC-8KW, 1 BAL-TAM50L, 1 SUP-SOL, 1 POS-POMCHA, 1 MES-POMCHA",
    ),
    (
        "N-POE8",
        "Poêle à granulés 8 kW posé",
        "4790",
        "1 PGR-8KW, 6 CON-80, 1 TOI-80, 1 PLQ-VER, 1 POS-POE, 1 MES-POE",
    ),
    ("N-HIVER", "Hivernage complet", "329", "1 ENT-HIV, 2 HIV-BID5L"),
)

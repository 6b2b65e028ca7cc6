"""The demo's clients: 400 invented people and companies between the Drôme and the sea, the awkward ones among them."""


def load(using: str) -> None:
    # Read late: only load_demo needs the lists of names.
    from clients.demo.load import load_clients

    load_clients(using)

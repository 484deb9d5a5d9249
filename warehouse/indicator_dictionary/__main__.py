"""`python -m warehouse.indicator_dictionary` writes the documents from the release in force; `make docs` calls it."""

from warehouse.home import Home
from warehouse.indicator_dictionary.pages import write

if __name__ == "__main__":
    write(Home.from_environment())

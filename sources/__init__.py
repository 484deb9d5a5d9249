"""Where numbers come from: one folder per source with its `source.yml`, and the few readers of files.

A reader turns bytes into cells (label texts, value text, address) and interprets nothing: what a label, a
unit or a number means is decided in the dbt project. Nothing of the other rooms is imported here.

The way through: `catalog.py` finds the sources, `declared/` is what they may say, `asking/` fetches what a service
has; `reading.py` hands a file to the process that `guard/` keeps, where `parsing.py` gives it to `sheets/` or
`records/`; `cell.py` is what comes back. `draft/` writes a first `source.yml`.
"""

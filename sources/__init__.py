"""Where numbers come from: one folder per source with its `source.yml`, and the few readers of files.

A reader turns bytes into cells (label texts, value text, address) and interprets nothing: what a label, a
unit or a number means is decided in the dbt project. Nothing of the other rooms is imported here.
"""

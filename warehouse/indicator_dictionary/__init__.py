"""The indicators as two documents, English and Chinese, written from the register and a release of the bundled data.

Here: what is known of an indicator (`entry`), its worked examples (`example`), how both read (`wording`, `page`). The
words stand in `wording.yml`, for they belong to these documents and are no messages of the program. Not here: the
relations and their columns (`warehouse.dictionary`).
"""

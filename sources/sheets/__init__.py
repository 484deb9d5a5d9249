"""Files that are sheets of texts (delimited text, workbooks), and the layouts that find figures in them."""

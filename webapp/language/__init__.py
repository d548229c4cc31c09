"""The languages of the pages: which one is spoken, the catalogues of texts, days and numbers as each writes them."""

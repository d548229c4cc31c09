"""Text in, language, paragraphs, terms, keywords and vectors out. Knows no user, no item and no database.

Nothing here loads a model or imports a heavy package when it is imported; that happens at the first call that needs it.
"""

"""Answers from the corpus: understanding, retrieval, composition, verification, recommendation."""

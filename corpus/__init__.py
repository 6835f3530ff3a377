"""What is known, at rest: values, store, index, embedding, and the starter content.

This package stands at the bottom of the house: it imports none of the others.
"""

"""Invented records with which a demonstration shows any plan at work, made through the room's own
actions: figures (`readings`), progress of tasks (`tasks`), money (`money`).

Everything says that it is invented. What is drawn is the same each time: made twice, or again on
a later day, nothing is doubled. Nothing is dated after the day that is given.
"""

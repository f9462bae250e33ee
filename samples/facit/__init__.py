"""The answer key, worked out again: reads the sample's files and applies the rules day by day, without SQL.

Nothing here is shared with the generator, so the two check each other.
"""

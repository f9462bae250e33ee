"""The words of the field as types: CPR, dst_koder, quarters, accounts, deadlines, canonical tables."""

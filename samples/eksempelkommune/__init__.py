"""The synthetic municipality: people, courses, ledger, YR rows, and the problems planted in them."""

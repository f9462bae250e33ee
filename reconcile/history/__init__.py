"""What earlier runs left: published runs, what has changed since, accepted differences."""

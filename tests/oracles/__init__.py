"""The figures counted a second time, plainly: nothing here is shared with the product."""

"""The goods of the shop as far as it told them: what a scanned barcode is, for the lines of a receipt."""

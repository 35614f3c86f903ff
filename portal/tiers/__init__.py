"""Where members stand on the ladder, how they came there, and how far everybody was judged."""

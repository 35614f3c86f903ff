"""The stories of the programme: the only place that knows two features at once. One module for each story."""

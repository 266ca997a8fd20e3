"""The shape of what a browser sends about plans. They decide nothing; that is `rules`."""

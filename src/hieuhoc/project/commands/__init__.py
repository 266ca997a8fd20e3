"""One module for each command of `hieuhoc`, loaded only when that command is asked for."""

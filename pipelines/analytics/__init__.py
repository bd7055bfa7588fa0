"""Pure functions from readings to rows: numpy and schemas, nothing else."""

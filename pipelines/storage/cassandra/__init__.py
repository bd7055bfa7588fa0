"""The store in a Cassandra keyspace."""

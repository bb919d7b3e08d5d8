"""Both ends: the jobs of anybody's workflows, and the roles that they ask for."""

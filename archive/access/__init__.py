"""Reading only: search, feeds, API and the pages a person looks at."""

"""The drill: the whole way from a family's form to the recall, walked and counted by the program itself."""

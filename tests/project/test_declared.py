"""Nothing is stored that nobody declared."""

from trust import declared


def test_every_field_of_every_model_says_its_class_and_how_long_it_is_kept():
    assert declared.undeclared() == []

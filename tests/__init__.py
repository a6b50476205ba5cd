import pytest

# So that an `assert` outside test modules says as much as one inside when it fails.
pytest.register_assert_rewrite("tests.helpers", "tests.strategies")

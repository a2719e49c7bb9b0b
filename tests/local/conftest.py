"""What the tests of Auth share."""

import pytest

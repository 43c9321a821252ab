"""When a measured value counts as low or high, without flutter."""


class Threshold:
    """True while the value is beyond the limit. It is left only `slack` on the good side of it, and entered only after
    it was beyond for `hold_seconds`: a value that dances around the limit makes one event, not a hundred.
    """

    def __init__(self, limit, slack, is_beyond, hold_seconds=0):
        self._limit = limit
        self._slack = slack
        # `operator.le` for a lower limit, `operator.ge` for an upper one.
        self._is_beyond = is_beyond
        self._hold_seconds = hold_seconds
        self._beyond_since = None
        self.is_on = False

    def update(self, value, now):
        """True when this value has switched it."""
        if self.is_on:
            # The slack lies on the good side, so for an upper limit it is below it.
            sign = 1 if self._is_beyond(0, 1) else -1
            self.is_on = self._is_beyond(value, self._limit + sign * self._slack)
            return not self.is_on
        if not self._is_beyond(value, self._limit):
            self._beyond_since = None
            return False
        if self._beyond_since is None:
            self._beyond_since = now
        self.is_on = now - self._beyond_since >= self._hold_seconds
        return self.is_on

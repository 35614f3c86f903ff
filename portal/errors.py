"""Expected refusals. Anything else that is raised is a bug."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Say an expected no, in the field's words.

    Subclass it beside the function that raises it. `code` is the stable name that tills and shops see, `status` the
    HTTP status of the answer, `text` an English sentence with `%(name)s` slots which the doors translate. `facts` fill
    the slots; they never hold personal data, because refusals may be logged. What was written before a refusal is
    rolled back with it, unless it `keeps` what was written: a wrong try that is counted. `seconds` is how long to wait
    where the same may be right later, 0 where waiting does not help.
    """

    code = "refused"
    status = 422
    text = "This cannot be done."
    keeps = False
    seconds = 0

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: {self.text % self.facts}"

"""Facts and jobs written in the business transaction, and the worker that runs the jobs after it has committed.

At least once: an effect in our database happens exactly once, because it commits together with the job's finish; an
effect outside (a letter, an SMS) may be repeated when the process dies between the sending and the finish.
"""

"""The child process that opens documents: `python -m pipelines.plan.formati`."""

from pipelines.extracts.sandbox import serve
from pipelines.plan.formati import answer

if __name__ == "__main__":
    serve(answer)

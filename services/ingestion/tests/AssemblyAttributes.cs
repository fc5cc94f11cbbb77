// Tests that wait for processes share the two cores well; more of them at once would only slow each other down.
[assembly: LevelOfParallelism(4)]

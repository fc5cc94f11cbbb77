// Most of a test is waiting for a session to be given up.
[assembly: LevelOfParallelism(4)]

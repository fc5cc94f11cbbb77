using Tributary.Copier;

new TopicCopier(CopierOptions.FromEnvironment(Environment.GetEnvironmentVariable)).Run();

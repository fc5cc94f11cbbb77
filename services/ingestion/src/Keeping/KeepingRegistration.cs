namespace Tributary.Ingestion.Keeping;

/// <summary>How what was received is kept.</summary>
internal static class KeepingRegistration
{
    extension(IHostApplicationBuilder builder)
    {
        public void AddKeeping()
        {
            builder.Services.AddSingleton<Keeper>();
        }
    }
}

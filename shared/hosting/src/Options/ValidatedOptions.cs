using Tributary.Hosting.Options;

namespace Tributary.Hosting;

/// <summary>Options that are right from the first request on, or stop the process before it.</summary>
public static class ValidatedOptions
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>
        /// Binds a section and checks it at start: data annotations, <c>IValidatableObject</c>, and nested options.
        /// A fault stops the process with a sentence that names the key and never its value.
        /// </summary>
        public OptionsBuilder<TOptions> AddValidatedOptions<TOptions>(string section)
            where TOptions : class =>
            builder.AddValidatedOptions<TOptions>(Microsoft.Extensions.Options.Options.DefaultName, section);

        /// <summary>The same for one of several such options, each with a name and a section.</summary>
        public OptionsBuilder<TOptions> AddValidatedOptions<TOptions>(string name, string section)
            where TOptions : class
        {
            var bound = builder.Configuration.GetSection(section);
            builder.Services.AddSingleton<IValidateOptions<TOptions>>(new AnnotatedOptions<TOptions>(name, section));
            return builder.Services
                .AddOptions<TOptions>(name)
                .Configure(options => SectionBinding.Bind(name, bound, options))
                .ValidateOnStart();
        }
    }
}

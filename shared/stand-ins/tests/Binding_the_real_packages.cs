using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Tributary.StandIns.Tests;

/// <summary>
/// The real assemblies were compiled against the real API. A member that a stand-in lacks would be found by the call
/// that first needs it; here every reference is looked up, and an override that overrides nothing is found too.
/// </summary>
[TestFixture("Grpc.AspNetCore.Server")]
[TestFixture("Grpc.Net.Client")]
public class Binding_the_real_packages(string assembly)
{
    private const BindingFlags Declared = BindingFlags.NonPublic | BindingFlags.Public
        | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] AnyArguments = [.. Enumerable.Repeat(typeof(object), 8)];

    private readonly Assembly _real = Assembly.Load(assembly);

    [Test]
    public void Every_type_and_member_that_they_refer_to_exists()
    {
        using var file = new PEReader(File.OpenRead(_real.Location));
        var metadata = file.GetMetadataReader();
        var module = _real.ManifestModule;

        var types = metadata.TypeReferences
            .Select(handle => Fault(() => module.ResolveType(MetadataTokens.GetToken(handle)))).ToList();
        var members = metadata.MemberReferences
            .Select(handle => Fault(() => module.ResolveMember(
                MetadataTokens.GetToken(handle), AnyArguments, AnyArguments))).ToList();

        Assert.That(types.Concat(members).OfType<string>(), Is.Empty);
        Assert.That((types.Count, members.Count), Is.GreaterThan((50, 300)), "nothing was looked at");
    }

    [Test]
    public void Every_type_of_theirs_loads() =>
        Assert.That(_real.GetTypes().Select(type => Fault(() => type.GetMethods(Declared))).OfType<string>(), Is.Empty);

    [Test]
    public void Every_override_of_theirs_overrides_something()
    {
        var orphans = from type in _real.GetTypes()
                      from method in type.GetMethods(Declared & ~BindingFlags.Static)
                      where method.IsVirtual && (method.Attributes & MethodAttributes.NewSlot) == 0
                      where method.GetBaseDefinition() == method
                      select $"{type}.{method}";

        Assert.That(orphans, Is.Empty);
    }

    [Test]
    public void The_stand_ins_have_the_identity_that_they_were_compiled_against()
    {
        var wanted = _real.GetReferencedAssemblies().Where(name => name.Name is "Grpc.Core.Api" or "Grpc.Net.Common");

        foreach (var name in wanted)
        {
            var found = Assembly.Load(name.Name!).GetName();
            Assert.That(found.GetPublicKeyToken(), Is.EqualTo(name.GetPublicKeyToken()));
            Assert.That(found.Version, Is.GreaterThanOrEqualTo(name.Version!));
        }
    }

    private static string? Fault(Func<object?> look)
    {
        try
        {
            look();
            return null;
        }
        catch (TypeLoadException fault) when (fault.Message.Contains("violates the constraint"))
        {
            return null; // Of our own argument, object, where a narrower type is asked for: the member was found.
        }
        catch (Exception fault)
        {
            return $"{fault.GetType().Name}: {fault.Message}";
        }
    }
}

using Tributary.Tidy.Tests.Rules;

namespace Tributary.Tidy.Tests;

/// <summary>The rules by the promise that each keeps.</summary>
internal static class HouseRules
{
    public static IReadOnlyDictionary<string, Func<Tree, IEnumerable<string>>> ByName { get; } =
        new Dictionary<string, Func<Tree, IEnumerable<string>>>
        {
            ["services depend on shared projects only"] = Arrows.PointToShared,
            ["contracts depend on nothing"] = Arrows.ContractsPointNowhere,
            ["every project is in the solution"] = Arrows.AreInTheSolution,
            ["package versions stand in one place"] = Arrows.CarryNoVersion,
            ["lines are at most 120 columns"] = Limits.OfColumns,
            ["files are at most 400 lines"] = Limits.OfFiles,
            ["a Program is a contents page"] = Limits.OfPrograms,
            ["methods are at most 60 lines"] = Limits.OfMethods,
            ["constructors take at most 5 arguments"] = Limits.OfConstructors,
            ["names say something"] = Rules.Names.SaySomething,
            ["topics are named in one place"] = Rules.Names.OfTopicsAreSaidOnce,
            ["migrations lead forward"] = Rules.Names.OfMigrationsLeadForward,
            ["a suppressed warning has its reason"] = Prose.GivesAReasonForEachSuppression,
            ["no machine and no registry is named"] = Prose.NamesNoMachine,
            ["nothing is left to do"] = Prose.LeavesNothingToDo,
            ["no ticket is named"] = Prose.TellsNoHistory,
            ["nothing sleeps by the clock"] = Prose.WaitsForNoClock,
            ["units of work commit themselves"] = Prose.CommitsByTheUnitOfWork,
            ["every service is in compose"] = Deployment.HasEachServiceInCompose,
            ["every service is in kubernetes"] = Deployment.HasEachServiceInKubernetes,
            ["every service is in the README"] = Deployment.HasEachServiceInTheReadme,
            ["no password is written down"] = Deployment.HasNoDefaultPassword,
            ["no password is an argument"] = Deployment.PassesNoPasswordAsArgument,
            ["every image has its version"] = Deployment.PinsEachImage,
            ["compose publishes on loopback"] = Deployment.PublishesOnLoopback,
            ["policies choose their pods"] = Deployment.ChoosesThePodsOfAPolicy,
            ["alerts ask for metrics that exist"] = Deployment.AsksForMetricsThatExist,
            ["every service has its README"] = Readmes.OfServicesHaveTheirSections,
            ["every part has its README"] = Readmes.OfPartsHaveTheirSections,
            ["links lead somewhere"] = Readmes.LinkToWhatExists,
            ["every endpoint says who may call it"] = Endpoints.SayWhoMayCall,
        };

    public static IEnumerable<string> Names() => ByName.Keys;
}

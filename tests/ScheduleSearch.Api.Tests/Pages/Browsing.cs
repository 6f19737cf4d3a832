using Xunit;

namespace ScheduleSearch.Api.Tests.Pages;

[CollectionDefinition(BrowserFixture.Name)]
public sealed class Browsing : ICollectionFixture<BrowserFixture>;

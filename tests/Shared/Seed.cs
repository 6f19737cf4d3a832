// A seed of the whole range: a plain integer of a property stays near 0, so that most of its cases would be repeated.
global using Seed = FsCheck.DoNotSize<int>;

namespace ScheduleSearch.Core.Operations;

/// <summary>What one operation hands to another, whoever makes it. A feature that has something to do in between wraps the port.</summary>
public enum Port
{
    /// <summary>The output of a stage: the input of the next stage's forward.</summary>
    Output,

    /// <summary>What a stage's backward reads of its forward.</summary>
    Activation,

    /// <summary>The gradient of a stage's input: what the backward of the stage before waits for.</summary>
    Gradient,

    /// <summary>What the first stage's forward waits for. Nothing, unless a feature provides it.</summary>
    Input,

    /// <summary>What the last stage's backward waits for beside its own activation. Nothing, unless a feature provides it.</summary>
    OutputGradient,
}

namespace ScheduleSearch.Core.Estimates.Devices;

/// <summary>The numbers in which products are computed.</summary>
public enum NumberType
{
    /// <summary>IEEE single precision.</summary>
    Fp32,

    /// <summary>Single precision whose products round their factors to 10 bits.</summary>
    Tf32,

    /// <summary>Half precision with the range of single precision.</summary>
    Bf16,

    /// <summary>IEEE half precision.</summary>
    Fp16,

    /// <summary>Eight bits in products with weights; what is stored, and attention, stay in half precision.</summary>
    Fp8,
}

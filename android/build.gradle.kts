buildscript {
    dependencies {
        // The Android plugin brings a Kotlin of its own; ours is the one everything else here is compiled with.
        classpath(libs.kotlin.gradle.plugin)
    }
}

plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.kotlin.compose) apply false
}

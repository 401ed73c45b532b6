import org.jetbrains.kotlin.gradle.dsl.JvmTarget
import javax.inject.Inject

plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.kotlin.compose)
}

/** The repository: bindings and library are made by scripts/package-android before Gradle runs. */
val repository = rootDir.resolve("..")
val packaged = repository.resolve("target/android")

android {
    namespace = "org.dangjian.app"
    // androidx.core 1.19 wants 37; the app behaves as one for 36.
    compileSdk = 37

    defaultConfig {
        applicationId = "org.dangjian.app"
        minSdk = 26
        targetSdk = 36
        versionCode = providers.gradleProperty("dangjian.build").getOrElse("1").toInt()
        versionName = "0.1.0"
        val server = providers.gradleProperty("dangjian.server").getOrElse("https://localhost")
        require(server.startsWith("https://")) { "dangjian.server must be https://host[:port], it is $server" }
        buildConfigField("String", "SERVER", "\"$server\"")
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }

    buildFeatures {
        buildConfig = true
        compose = true
    }

    buildTypes {
        release {
            // Compose is slow on cheap phones without it.
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "proguard-rules.pro")
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    // The app speaks one language.
    androidResources { localeFilters += "zh-rCN" }

    lint {
        // The generated code looks for what newer systems have before it uses it.
        disable += "NewApi"
        warningsAsErrors = false
    }
}

kotlin { compilerOptions { jvmTarget = JvmTarget.JVM_17 } }

/** The screens without what is for desktops only. */
abstract class PhoneScreens : DefaultTask() {
    @get:InputDirectory
    @get:PathSensitive(PathSensitivity.RELATIVE)
    abstract val all: DirectoryProperty

    @get:OutputDirectory
    abstract val chosen: DirectoryProperty

    @get:Inject
    abstract val files: FileSystemOperations

    @TaskAction
    fun choose() {
        files.sync {
            from(all) { exclude("org/dangjian/ui/desktop/**") }
            into(chosen)
        }
    }
}

val phoneScreens = tasks.register<PhoneScreens>("phoneScreens") { all = rootDir.resolve("ui/src/main/kotlin") }

androidComponents {
    onVariants { variant ->
        variant.sources.kotlin?.run {
            addGeneratedSourceDirectory(phoneScreens, PhoneScreens::chosen)
            addStaticSourceDirectory(repository.resolve("bindings/kotlin/src/main/kotlin").path)
            addStaticSourceDirectory(packaged.resolve("kotlin").path)
        }
        variant.sources.jniLibs?.addStaticSourceDirectory(packaged.resolve("jniLibs").path)
    }
}

dependencies {
    implementation(libs.compose.ui)
    implementation(libs.compose.foundation)
    implementation(libs.compose.material3)
    implementation(libs.lifecycle.viewmodel.compose)
    implementation(libs.navigation.compose)
    implementation(libs.coroutines.android)
    implementation(libs.activity.compose)
    implementation(libs.core)
    implementation(libs.work.runtime)
    implementation(libs.jna) { artifact { type = "aar" } }
}

package org.dangjian.ui

import java.awt.image.BufferedImage
import java.awt.image.DataBuffer
import java.awt.image.IndexColorModel
import java.io.ByteArrayInputStream
import java.io.File
import javax.imageio.IIOImage
import javax.imageio.ImageIO
import javax.imageio.ImageWriteParam
import kotlin.math.abs

private val CHANNELS = listOf(0, 8, 16)

/** How much a channel may be off, of 255. */
private const val TOLERANCE = 16

private const val PALETTE = 256

private fun Int.channel(shift: Int) = this shr shift and 0xFF

private fun apart(
    one: Int,
    other: Int,
): Int = CHANNELS.maxOf { abs(one.channel(it) - other.channel(it)) }

/** A picture at half its size: smaller to keep, and a hair's breadth is averaged away. */
internal fun halved(png: ByteArray): BufferedImage {
    val image = ImageIO.read(ByteArrayInputStream(png))
    val half = BufferedImage(image.width / 2, image.height / 2, BufferedImage.TYPE_INT_RGB)
    for (y in 0 until half.height) {
        for (x in 0 until half.width) {
            val four = IntArray(4) { image.getRGB(2 * x + it % 2, 2 * y + it / 2) }
            half.setRGB(x, y, CHANNELS.sumOf { shift -> (four.sumOf { it.channel(shift) } + 2) / 4 shl shift })
        }
    }
    return half
}

/** What part of all pixels is off by more than can be overlooked. */
internal fun difference(
    made: BufferedImage,
    approved: BufferedImage,
): Double {
    if (made.width != approved.width || made.height != approved.height) return 1.0
    var different = 0
    for (y in 0 until made.height) {
        for (x in 0 until made.width) {
            val a = made.getRGB(x, y)
            val b = approved.getRGB(x, y)
            if (a != b && apart(a, b) > TOLERANCE) different++
        }
    }
    return different.toDouble() / (made.width * made.height)
}

/**
 * Keeps a picture with 256 colours, in less than half the room that all of them take. Those that are most frequent stay exactly
 * what they are; what is lost lies between them, on the rim of letters, and is less than [difference] overlooks.
 */
internal fun keep(
    image: BufferedImage,
    file: File,
) {
    val pixels = image.getRGB(0, 0, image.width, image.height, null, 0, image.width)
    val frequent =
        pixels
            .groupBy { it }
            .entries
            .sortedByDescending { it.value.size }
            .map { it.key }
    val palette = (0..TOLERANCE / 2).firstNotNullOf { paletteOf(frequent, it) }
    val nearest = frequent.associateWith { colour -> palette.indices.minBy { apart(palette[it], colour) } }
    val colours = IndexColorModel(8, palette.size, palette.toIntArray(), 0, false, -1, DataBuffer.TYPE_BYTE)
    val small = BufferedImage(image.width, image.height, BufferedImage.TYPE_BYTE_INDEXED, colours)
    val indices = ByteArray(pixels.size) { nearest.getValue(pixels[it]).toByte() }
    small.raster.setDataElements(0, 0, image.width, image.height, indices)

    val writer = ImageIO.getImageWritersByFormatName("png").next()
    val best = writer.defaultWriteParam.apply { compressionMode = ImageWriteParam.MODE_EXPLICIT }
    best.compressionQuality = 0f
    file.delete()
    ImageIO.createImageOutputStream(file).use {
        writer.output = it
        writer.write(null, IIOImage(small, null, null), best)
    }
    writer.dispose()
}

/** The [frequent] colours without those no more than [radius] from one before them; null if that is still too many. */
private fun paletteOf(
    frequent: List<Int>,
    radius: Int,
): List<Int>? {
    val palette = mutableListOf<Int>()
    for (colour in frequent) {
        if (palette.all { apart(it, colour) > radius }) palette += colour
        if (palette.size > PALETTE) return null
    }
    return palette
}

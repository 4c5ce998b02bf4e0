package dispute

import "image"

// upright turns a picture as the camera was held. Ways from 5 on swap its sides.
func upright(picture image.Image, way int) image.Image {
	if way == 1 {
		return picture
	}
	if photo, ok := picture.(*image.YCbCr); ok {
		if ratio, ok := turnedRatio(photo.SubsampleRatio, way); ok {
			return turnPhoto(photo, ratio, way)
		}
	}
	b := picture.Bounds()
	out := image.NewNRGBA(image.Rectangle{Max: swapped(b.Dx(), b.Dy(), way)})
	for y := range b.Dy() {
		for x := range b.Dx() {
			at := place(x, y, b.Dx(), b.Dy(), way)
			out.Set(at.X, at.Y, picture.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// turnPhoto turns the three planes of a photo one by one, which takes a third of
// the memory.
func turnPhoto(photo *image.YCbCr, ratio image.YCbCrSubsampleRatio, way int) *image.YCbCr {
	b := photo.Bounds()
	out := image.NewYCbCr(image.Rectangle{Max: swapped(b.Dx(), b.Dy(), way)}, ratio)
	turnPlane(out.Y, photo.Y[photo.YOffset(b.Min.X, b.Min.Y):], out.YStride, photo.YStride, b.Dx(), b.Dy(), way)
	across, down := 1, 1
	switch photo.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		across, down = 2, 2
	case image.YCbCrSubsampleRatio422:
		across = 2
	case image.YCbCrSubsampleRatio440:
		down = 2
	default:
	}
	w, h := (b.Dx()+across-1)/across, (b.Dy()+down-1)/down
	from := photo.COffset(b.Min.X, b.Min.Y)
	turnPlane(out.Cb, photo.Cb[from:], out.CStride, photo.CStride, w, h, way)
	turnPlane(out.Cr, photo.Cr[from:], out.CStride, photo.CStride, w, h, way)
	return out
}

func turnPlane(to, from []byte, toStride, fromStride, w, h, way int) {
	for y := range h {
		for x := range w {
			at := place(x, y, w, h, way)
			to[at.Y*toStride+at.X] = from[y*fromStride+x]
		}
	}
}

// turnedRatio is how the colors of a turned photo are sampled; false where no
// ratio says so.
func turnedRatio(ratio image.YCbCrSubsampleRatio, way int) (image.YCbCrSubsampleRatio, bool) {
	switch ratio {
	case image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420:
		return ratio, true
	case image.YCbCrSubsampleRatio422:
		if way >= 5 {
			return image.YCbCrSubsampleRatio440, true
		}
		return ratio, true
	case image.YCbCrSubsampleRatio440:
		if way >= 5 {
			return image.YCbCrSubsampleRatio422, true
		}
		return ratio, true
	default:
		return ratio, false
	}
}

func swapped(w, h, way int) image.Point {
	if way >= 5 {
		return image.Pt(h, w)
	}
	return image.Pt(w, h)
}

// place is where a pixel of a picture of this size comes to stand.
func place(x, y, w, h, way int) image.Point {
	switch way {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(h-1-y, x)
	case 7:
		return image.Pt(h-1-y, w-1-x)
	case 8:
		return image.Pt(y, w-1-x)
	}
	return image.Pt(x, y)
}

// ZXing-C++ 1.4 and 2.x, QR codes only: the one C++ file, and the one home of <ZXing/...>.
#include "core/eye/zxing.h"

#include <ZXing/ReadBarcode.h>

namespace
{

using ZXing::BarcodeFormat;

// 2.x renamed the options and keeps the old name for a while; both are taken as they are.
#if __has_include(<ZXing/ReaderOptions.h>)
using Options = ZXing::ReaderOptions;
#else
using Options = ZXing::DecodeHints;
#endif

Options options()
{
	Options o;

	o.setFormats(BarcodeFormat::QRCode);
	o.setTryHarder(true);
	o.setTryRotate(true);
	o.setTryDownscale(true);
	return o;
}

} // namespace

extern "C" void zxing_read(
	const uint8_t *pixels, int width, int height, zxing_found *found, void *context)
{
	// whatever a library of C++ throws must not pass through C
	try {
		const ZXing::ImageView view(pixels, width, height, ZXing::ImageFormat::Lum);

		for (const auto &r : ZXing::ReadBarcodes(view, options())) {
			const auto &bytes = r.bytes();
			float xy[8];
			int i = 0;

			if (!r.isValid() || r.format() != BarcodeFormat::QRCode)
				continue;
			for (const auto &p : r.position()) {
				xy[i++] = static_cast<float>(p.x);
				xy[i++] = static_cast<float>(p.y);
			}
			found(context, bytes.data(), bytes.size(), xy);
		}
	} catch (...) {
	}
}

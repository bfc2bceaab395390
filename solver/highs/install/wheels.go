package install

// wheel is the archive of one platform.
type wheel struct {
	tag     string // platform tag of the wheel
	digest  string // SHA-256 of the wheel
	member  string // path of the library inside
	library string // SHA-256 of the library
	size    int64  // of the library, bytes
}

const (
	distribution = "highsbox"
	folder       = "highsbox-1.15.1.data/purelib/highsbox/highs_dist/"
)

func (w *wheel) file() string { return distribution + "-1.15.1-py3-none-" + w.tag + ".whl" }

// wheelFor returns the wheel of a platform, nil where none is published.
func wheelFor(goos, goarch string) *wheel {
	switch goos + "/" + goarch {
	case "linux/amd64":
		return &wheel{
			tag:     "manylinux2014_x86_64",
			digest:  "17f30d23ef37488467732b45f141146f7c287826a576b4514ae39a8cc4068b28",
			member:  folder + "lib/libhighs.so",
			library: "b358c169566b648d2b264d4414618cbac2bd402dfdafd1bc9ad0234684341c07",
			size:    6092544,
		}
	case "linux/arm64":
		return &wheel{
			tag:     "manylinux2014_aarch64",
			digest:  "d1a3c1742d6fae36a3a18e0c7500530e46de5faa1a42dee65677bf0ae80acda3",
			member:  folder + "lib/libhighs.so",
			library: "09ca7c2d241e9c29909213d31dc5c0227937cdafdd85a64fa730dd9cace5f6c5",
			size:    5458544,
		}
	case "darwin/arm64":
		return &wheel{
			tag:     "macosx_11_0_arm64",
			digest:  "69dde421f36098b9aac4d2dc315350e4c21afb689ee16b51542b933eb099b318",
			member:  folder + "lib/libhighs.dylib",
			library: "df3df043ac7e33bf4d83082486c2e05416cda1fff8cc0cd63b1bfbffdd91d573",
			size:    4678768,
		}
	case "darwin/amd64":
		return &wheel{
			tag:     "macosx_10_13_x86_64",
			digest:  "bfc6176c73b7653e2aa7d6890d50d862819ef55db801cc0296c12320fcf82500",
			member:  folder + "lib/libhighs.dylib",
			library: "9c1cd5e2bd9924cfb864d3568fb9e822d9ea471ff49561fe89567a8d51d1b360",
			size:    5717704,
		}
	case "windows/amd64":
		return &wheel{
			tag:     "win_amd64",
			digest:  "03f230716dca09dc1cb36454887f6f24df3d4459f9a5668ca71bcb1d603106e7",
			member:  folder + "bin/highs.dll",
			library: "b83beac8a8fde5f6515f7195eb0db1e77731cb8135504de6ffdd215aad996a85",
			size:    10393088,
		}
	}
	return nil
}

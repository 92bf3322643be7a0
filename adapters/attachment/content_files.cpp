#include "adapters/attachment/content_files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "runtime/store/lmdb_env.hpp"
#include "runtime/store/private_files.hpp"

namespace switchboard::attachment {
namespace fs = std::filesystem;
namespace {

tl::unexpected<error> failed(const std::string& doing) {
  auto full = errno == ENOSPC || errno == EDQUOT;
  return fail(full ? errc::resource_exhausted : errc::unavailable,
              "attachments: " + doing + ": " + std::strerror(errno));
}

/// Ends the sum; lower-case hex, as contents are named.
std::string hex_digest(EVP_MD_CTX* sum) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(sum, digest, &size);
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += hex[digest[i] >> 4];
    out += hex[digest[i] & 15];
  }
  return out;
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  operator int() const { return fd_; }

 private:
  int fd_;
};

/// Hex, as files are named; nothing where it cannot be read.
std::optional<std::string> sha256_of(const std::string& path) {
  descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd < 0) return std::nullopt;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> sum(EVP_MD_CTX_new(),
                                                                    &EVP_MD_CTX_free);
  EVP_DigestInit_ex(sum.get(), EVP_sha256(), nullptr);
  std::string piece(64 * 1024, '\0');
  for (;;) {
    const auto n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    EVP_DigestUpdate(sum.get(), piece.data(), static_cast<std::size_t>(n));
  }
  return hex_digest(sum.get());
}

tl::unexpected<error> not_its_name(const std::string& path) {
  return fail(errc::internal, path + ": damaged: what it holds is not what its name says");
}

}  // namespace

struct growing_file::hasher {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  hasher() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
  ~hasher() { EVP_MD_CTX_free(context); }
};

growing_file::growing_file(std::string path, int fd)
    : path_(std::move(path)), fd_(fd), hash_(std::make_unique<hasher>()) {}

growing_file::~growing_file() {
  ::close(fd_);
  ::unlink(path_.c_str());  // where it was kept it has another name by now
}

result<std::unique_ptr<growing_file>> growing_file::create(const std::string& path) {
  int fd = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) return failed("creating a file");
  return std::unique_ptr<growing_file>(new growing_file(path, fd));
}

result<void> growing_file::append(std::string_view bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    auto n = ::write(fd_, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      auto why = failed("writing");
      // Back to what counts: the caller may try the same piece again.
      if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0 || ::lseek(fd_, 0, SEEK_END) < 0)
        return failed("writing");
      return why;
    }
    done += static_cast<std::size_t>(n);
  }
  EVP_DigestUpdate(hash_->context, bytes.data(), bytes.size());
  size_ += bytes.size();
  return {};
}

result<std::string> growing_file::seal() {
  if (::fsync(fd_) != 0) return failed("flushing");
  // A copy, so that sealing again gives the same.
  hasher copy;
  EVP_MD_CTX_copy_ex(copy.context, hash_->context);
  return hex_digest(copy.context);
}

void content_files::clear_incoming(const std::string& dir) {
  std::error_code ec;
  fs::remove_all(dir + "/incoming", ec);
}

std::uint64_t content_files::free_bytes(const std::string& dir) {
  struct statvfs disk;
  if (::statvfs(dir.c_str(), &disk) != 0) return std::numeric_limits<std::uint64_t>::max();
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

result<content_files> content_files::open(const std::string& dir) {
  clear_incoming(dir);
  for (const auto* part : {"/incoming", "/objects"}) {
    if (auto ok = store::make_private_directory(dir + part); !ok) return tl::unexpected(ok.error());
  }
  return content_files(dir);
}

result<std::unique_ptr<growing_file>> content_files::begin(const std::string& name) const {
  return growing_file::create(dir_ + "/incoming/" + name);
}

result<void> content_files::keep(const growing_file& file, const std::string& sha256) const {
  auto path = path_of(sha256);
  if (::access(path.c_str(), F_OK) == 0) return {};
  auto folder = folder_of(sha256);
  if (::mkdir(folder.c_str(), 0700) == 0) {
    if (auto ok = store::sync_directory(dir_ + "/objects"); !ok) return ok;
  } else if (errno != EEXIST) {
    return failed("making a folder");
  }
  if (::rename(file.path().c_str(), path.c_str()) != 0) return failed("renaming");
  return store::sync_directory(folder);
}

result<std::string> content_files::read(const std::string& sha256, std::uint64_t offset,
                                        std::size_t limit) const {
  descriptor fd(::open(path_of(sha256).c_str(), O_RDONLY | O_CLOEXEC));
  if (fd < 0) return failed("opening a content");
  std::string out(limit, '\0');
  std::size_t done = 0;
  while (done < limit) {
    auto n = ::pread(fd, out.data() + done, limit - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("reading");
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  out.resize(done);
  return out;
}

result<void> content_files::check(const std::string& sha256) const {
  const auto path = path_of(sha256);
  const auto sum = sha256_of(path);
  if (!sum) return failed("reading a content");
  if (*sum != sha256)
    return fail(errc::internal,
                "the attachment's file is damaged: what it holds is not what its name says");
  return {};
}

void content_files::remove(const std::string& sha256) const {
  ::unlink(path_of(sha256).c_str());
}

result<void> content_files::copy_to(const std::string& dir) const {
  std::error_code ec;
  auto failed_at = [&](const fs::path& what) {
    return fail(errc::unavailable, what.string() + ": " + ec.message());
  };
  fs::create_directories(dir + "/objects", ec);
  if (ec) return failed_at(dir);
  for (fs::directory_iterator folder(dir_ + "/objects", ec), end; !ec && folder != end;
       folder.increment(ec)) {
    auto to = fs::path(dir) / "objects" / folder->path().filename();
    fs::create_directories(to, ec);
    if (ec) return failed_at(to);
    for (fs::directory_iterator file(folder->path(), ec); !ec && file != end; file.increment(ec)) {
      std::error_code missing;
      const auto copied = to / file->path().filename();
      fs::copy_file(file->path(), copied, missing);
      if (!missing) {
        if (auto sum = sha256_of(copied.string()); !sum || *sum != copied.filename().string())
          return not_its_name(file->path().string());
        continue;
      }
      if (missing == std::errc::no_such_file_or_directory) continue;
      ec = missing;
      return failed_at(file->path());
    }
  }
  if (ec) return failed_at(dir_);
  return {};
}

void content_files::for_each(const std::function<void(const std::string&)>& visit) const {
  std::error_code ec;
  for (fs::recursive_directory_iterator it(dir_ + "/objects", ec), end; !ec && it != end;
       it.increment(ec)) {
    if (it->is_regular_file(ec)) visit(it->path().filename().string());
  }
}

}  // namespace switchboard::attachment

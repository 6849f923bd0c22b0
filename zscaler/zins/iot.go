package zins

import "github.com/org/zscalermcp/tool"

var iot = []tool.Tool{
	get[limited]("zins_get_iot_device_stats",
		"Count the devices seen in the network now: IoT, user, server and unclassified ones, and under entries each class of device. It takes no window of time.",
		report{
			operation: "IoTDeviceStats", domain: "IOT", field: "device_stats", timeless: true,
			selection: "devices_count user_devices_count iot_devices_count server_devices_count un_classified_devices_count " +
				"entries(limit: $limit) { classifications classification_uuid category total }",
		}),
}
